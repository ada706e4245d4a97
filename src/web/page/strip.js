// The facilitator's strip: now, next, in how long; what is most often started; and the room's clock.
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { dialog, home, self, visit } from "./state.js";
import { act, get, post, whenAlive } from "./wire.js";

/** What the core said last, or undefined where nobody told it to say. */
const strip = signal(undefined);
const why = signal("");
const busy = signal("");
let asking = false;
let stale = false;

const STARTS = [
  ["Post a quote", "quote"],
  ["Pairs", "pairs"],
  ["Hunt", "hunt"],
  ["One-minute round", "round"],
  ["Review", "review"],
];
const PUSHES = [
  ["an hour", "hour"],
  ["to the next block", "next"],
  ["to the evening", "evening"],
  ["to day two", "day-two"],
];

/** One look at a time; whatever happens during one is looked at afterwards. */
async function look() {
  stale = true;
  if (asking || !self.value?.mayRunWorkshop) return;
  asking = true;
  while (stale) {
    stale = false;
    strip.value = await get("/room/strip");
  }
  asking = false;
}

whenAlive(() => void look());

const isPushed = () => PUSHES.some(([, to]) => to === busy.value);

async function during(name, doing) {
  if (busy.value) return;
  busy.value = name;
  const answer = await doing();
  busy.value = "";
  why.value = answer.ok ? "" : answer.why;
  await look();
}

function start(verb) {
  visit(home.value.id);
  return during(verb, () => act({ do: "command", place: home.value.id, text: `/together-run ${verb}` }));
}

async function harvest() {
  const found = await get("/room/harvest");
  if (found) dialog.value = { kind: "harvest", markdown: found.markdown };
  else why.value = "The harvest could not be read just now.";
}

const STEPS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "in 12 minutes" */
function inHowLong(ms) {
  const [unit, size] = STEPS.find(([, step]) => ms >= step) ?? [];
  return unit ? new Intl.RelativeTimeFormat("en-GB").format(Math.round(ms / size), unit) : "within a minute";
}

function Moment() {
  const { clock, zone, now, next } = strip.value;
  const at = (instant, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(instant);
  const hours = { hour: "2-digit", minute: "2-digit" };
  const today = at(clock, { dateStyle: "short" });
  const when =
    next && at(next.at, at(next.at, { dateStyle: "short" }) === today ? hours : { weekday: "short", ...hours });
  return html`<p class="moment">
    <span><small>The room's clock</small> ${at(clock, { weekday: "short", day: "numeric", month: "short", ...hours })}</span>
    ${now && html`<span><small>Now</small> ${now}</span>`}
    <span><small>Next</small> ${next ? html`${next.title}, ${when} <em>${inHowLong(next.at - clock)}</em>` : "nothing more is planned"}</span>
  </p>`;
}

export function Strip() {
  if (!self.value?.mayRunWorkshop) return undefined;
  return html`<section class="strip" aria-label="Facilitating">
    ${strip.value && html`<${Moment} />`}
    <div class="starts">
      ${STARTS.map(
        ([label, verb]) =>
          html`<button key=${verb} aria-disabled=${busy.value !== ""} onClick=${() => start(verb)}>${label}</button>`,
      )}
    </div>
    ${
      strip.value &&
      html`<p class="clock">
        <span id="push" role="status">${isPushed() ? "The clock is on its way …" : "Push the clock"}</span>
        ${PUSHES.map(
          ([label, to]) => html`<button
            key=${to}
            class="plain"
            aria-describedby="push"
            aria-disabled=${busy.value !== ""}
            onClick=${() => during(to, () => post("/room/clock", { to }))}
          >
            ${label}
          </button>`,
        )}
        <button class="plain last" onClick=${harvest}>Harvest</button>
      </p>`
    }
    ${why.value && html`<p class="refused" role="alert">${why}</p>`}
  </section>`;
}
