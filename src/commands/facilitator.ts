/** `/together-run`: what a facilitator starts, moves and looks at. Who may is decided before any of these is reached. */
import type { Setting } from "../activities/activity.ts";
import type { Community } from "../communities.ts";
import { harvestOf } from "../harvest/harvest.ts";
import { asMarkdown } from "../harvest/markdown.ts";
import type { Block, Does, Pack } from "../pack/pack.ts";
import type { Message } from "../platform.ts";
import { LIMITS } from "../platform.ts";
import { isRecurring, isTimeOfDay, localDate, nextDue } from "../programme.ts";
import { shorten, text, textLength } from "../words.ts";
import { helpOf } from "./help.ts";
import { preview } from "./preview.ts";
import { starting, stopping } from "./running.ts";
import { people, status } from "./standing.ts";
import { moment } from "./times.ts";
import { anywhere, arg, here, type Office, type Reply, type Use, type VerbHere } from "./verb.ts";

export function facilitatorVerbs(office: Office, pack: Pack): VerbHere[] {
  const { say } = office;
  const pages = pack.pages.map(({ id, title }) => ({ id, label: title.slice(0, LIMITS.optionLabel) }));
  const by = (does: Does) => (use: Use & Setting) => held(office, use, does);
  const verbs: VerbHere[] = [
    anywhere(office, "help", async () => helpOf(office, "together-run", verbs), [], "run-help"),
    anywhere(office, "start", (use, setting) => starting(office, use, setting), [
      arg(office, "word", "programme"),
      arg(office, "word", "day-one"),
      arg(office, "word", "day-two"),
      arg(office, "word", "zone"),
    ]),
    here(office, "stop", (use) => stopping(office, use)),
    here(office, "status", (use) => status(office, use)),
    here(office, "next", (use) => ahead(office, use, "hold"), [], "run-next"),
    here(office, "skip", (use) => ahead(office, use, "skip")),
    here(office, "redo", (use) => redo(office, use)),
    here(office, "move", (use) => move(office, use), [
      arg(office, "word", "block", true),
      arg(office, "word", "time", true),
    ]),
    here(office, "quote", by({ activity: "quote", deck: "all" }), [], "run-quote"),
    here(office, "show", (use) => show(office, use), [
      {
        kind: "choice",
        name: "page",
        about: say.text("arg.page"),
        required: true,
        options: pages.slice(0, LIMITS.options),
      },
    ]),
    here(office, "pairs", (use) => preview(office, use), [arg(office, "word", "size")]),
    here(office, "hunt", by({ activity: "hunt" })),
    here(office, "round", by({ activity: "round" })),
    here(office, "review", (use) => review(office, use)),
    here(office, "remind", (use) => remind(office, use), [arg(office, "text", "text", true)]),
    here(office, "people", (use) => people(office, use)),
    here(office, "harvest", (use) => harvest(office, use)),
    here(office, "facilitator", (use) => facilitator(office, use), [
      {
        kind: "choice",
        name: "what",
        about: say.text("arg.what"),
        required: true,
        options: ["add", "remove"].map((id) => ({ id, label: id })),
      },
      arg(office, "person", "person", true),
    ]),
  ];
  return verbs;
}

async function held(
  office: Office,
  use: Use & Setting,
  does: Does,
  words?: string,
  title = office.say.text(`activity.${does.activity}`),
): Promise<Reply> {
  await office.timekeeper.byHand(use, does, title, use.event, words);
  return office.say.spans("held.now", { title });
}

async function show(office: Office, use: Use & Setting): Promise<Reply> {
  const wanted = (use.words[0] ?? "").toLowerCase();
  const page = use.pack.pages.find(({ id }) => id === wanted);
  if (!page) return office.say.spans("show.which", { pages: use.pack.pages.map(({ id }) => id).join(", ") });
  return await held(office, use, { activity: "show", page: page.id }, undefined, page.title);
}

/** Of day two from its date on, of day one before; of the month where there are no days. */
async function review(office: Office, use: Use & Setting): Promise<Reply> {
  const programme = use.pack.programmes[use.community.programme];
  const today = localDate(office.clock.now(), use.community.zone);
  const of = programme && isRecurring(programme) ? "month" : today >= use.community.dayTwo ? "day-two" : "day-one";
  return await held(office, use, { activity: "review", of });
}

async function remind(office: Office, use: Use & Setting): Promise<Reply> {
  if (!use.rest) return office.say.spans("remind.what");
  const length = textLength([text(use.rest)]);
  if (length > LIMITS.text) return office.say.spans("remind.too-long", { length, limit: LIMITS.text });
  return await held(office, use, { activity: "remind", reminder: "" }, use.rest);
}

async function ahead(office: Office, use: Use & Setting, how: "hold" | "skip"): Promise<Reply> {
  const ahead = use.community.running ? await office.timekeeper.ahead(use, how, use.event) : undefined;
  if (!ahead) return office.say.spans("next.nothing");
  return office.say.spans(how === "hold" ? "held.ahead" : "held.skipped", {
    title: ahead.title,
    at: moment(ahead.at, use.community.zone),
  });
}

async function redo(office: Office, use: Use & Setting): Promise<Reply> {
  const again = await office.timekeeper.redo(use, use.event);
  return again ? office.say.spans("held.again", { title: again.title }) : office.say.spans("held.nothing-yet");
}

async function move(office: Office, { pack, community, words }: Use & Setting): Promise<Reply> {
  const { say, communities, timekeeper } = office;
  const [named = "", typed = ""] = words;
  const blocks = pack.programmes[community.programme]?.blocks ?? [];
  const block = blocks.find(({ id }) => id === named.toLowerCase());
  if (!block) return say.spans("move.which", { blocks: shorten(blocks.map(({ id }) => id).join(", "), 1_200) });
  const at = typed.padStart(5, "0");
  if (!isTimeOfDay(at)) return say.spans("move.no-time", { typed: typed.slice(0, 20) });
  if (await wouldBeLost(office, block, community, at)) return say.spans("move.past", { title: block.title, at });
  // The cursor stands still while nothing is due: a time between it and now would be due at once.
  await timekeeper.caughtUp(community.id);
  await communities.change(community.id, (now) => ({ ...now, moved: { ...now.moved, [block.id]: at } }));
  timekeeper.changed(community.id);
  return say.spans("move.done", { title: block.title, at });
}

/** What has passed is not looked at again: moved there, the block's next occurrence would be neither held nor skipped. */
async function wouldBeLost({ clock, occurrences }: Office, block: Block, community: Community, at: string) {
  // One that stands still may have no days yet.
  if (!community.running) return false;
  const alone = { id: community.programme, title: "", blocks: [block] };
  // A clock that was ahead for a while may have looked further than now.
  const from = Math.max(clock.now(), community.cursor);
  const before = nextDue(alone, community, community.moved, from);
  const after = nextDue(alone, community, { [block.id]: at }, from);
  if (before === undefined || (after !== undefined && after.date <= before.date)) return false;
  const begun = await occurrences.of(community);
  return !begun.some((one) => one.block === block.id && one.date === before.date);
}

/** The harvest as a file, privately: it holds what everybody wrote. */
async function harvest(office: Office, use: Use & Setting): Promise<Reply> {
  const { platform, by, event, community } = use;
  const taken = await harvestOf(office.store, use.pack, community.id);
  const count = taken.reduce((sum, one) => sum + one.answers.length, 0);
  const older = taken.some(({ letGo }) => letGo !== undefined) ? office.say.spans("harvest.older") : [];
  if (!platform.can.privatePlaces) return [...office.say.spans("harvest.by-cli", { count }), ...older];
  const place = await office.outbox.patiently(() => platform.privatePlace(by));
  const message: Message = {
    body: office.say.spans("harvest.file", { count }),
    file: { name: "harvest.md", text: asMarkdown(taken) },
  };
  await office.outbox.send({ platform, place, message, name: `harvest/${event}` });
  return [...office.say.spans("harvest.sent", { count }), ...older];
}

async function facilitator(office: Office, use: Use & Setting): Promise<Reply> {
  const { say, facilitators } = office;
  const [what] = use.words;
  const [user] = use.people;
  if (user === undefined || (what !== "add" && what !== "remove")) return say.spans("facilitator.how");
  const other = await office.roster.meet(use.platform, user);
  if (what === "remove" && facilitators.listedOn(use.platform).includes(user))
    return say.spans("facilitator.listed", { name: other.name });
  await facilitators[what](use.platform, user);
  // Nobody can take away here what the platform gives.
  const stays = what === "remove" && (await facilitators.may(use.platform, user));
  return say.spans(stays ? "facilitator.remove-by-platform" : `facilitator.${what}`, { name: other.name });
}
