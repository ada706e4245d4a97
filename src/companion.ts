/** Hears what people do and routes it to the activity or verb that it concerns. The only catch-all. */
import type { Activity, Hall, Press, Setting, Submission } from "./activities/activity.ts";
import { whisper } from "./activities/activity.ts";
import type { Commands } from "./commands/commands.ts";
import type { Community } from "./communities.ts";
import type { Heard, Inbox } from "./inbox.ts";
import { wasForgottenSince } from "./people/forgotten.ts";
import type { Command, Ears, Form, Inbound, Platform, Prefill, UserId } from "./platform.ts";
import type { Prompt } from "./prompts.ts";
import { ReadBack } from "./readback.ts";
import type { Activities, Notify } from "./timekeeper.ts";
import { text } from "./words.ts";

type Buttons = Activity["pressed"];
type Typed = Extract<Inbound, { kind: "replied" | "edited" }>;
type Pressed = Extract<Inbound, { kind: "pressed" | "submitted" }>;

/** A community's id stands first in every button id and `about` that belongs to one. */
const COMMUNITY_ID = 13;

export class Companion {
  readonly #hall: Hall;
  readonly #inbox: Inbox;
  readonly #platforms: ReadonlyMap<string, Platform>;
  readonly #activities: readonly Activity[];
  readonly #commands: Commands;
  readonly #setting: (community: Community) => Setting | undefined;
  readonly #buttons: Buttons;
  readonly #readBacks: ReadonlyMap<string, ReadBack>;

  constructor(around: {
    hall: Hall;
    inbox: Inbox;
    setting: (community: Community) => Setting | undefined;
    notify: Notify;
    /** Buttons that belong to no activity, by the first word of their id. */
    buttons: Buttons;
    platforms: ReadonlyMap<string, Platform>;
    activities: Activities;
    commands: Commands;
  }) {
    this.#hall = around.hall;
    this.#inbox = around.inbox;
    this.#setting = around.setting;
    this.#buttons = around.buttons;
    this.#platforms = around.platforms;
    this.#activities = Object.values(around.activities);
    this.#commands = around.commands;
    const { hall, inbox, platforms, notify } = around;
    const unread = async (prompt: Prompt, why: string) => {
      const setting = await this.#settingOf(prompt);
      const body = [...hall.say.spans("notice.unread", { title: prompt.title }), text(why && ` ${why}`)];
      if (setting) await notify(setting, "unread", body);
    };
    this.#readBacks = new Map(
      [...platforms].map(([name, platform]) => [name, new ReadBack({ hall, inbox, platform, unread })]),
    );
    hall.prompts.whenAdded((prompt) => void this.#readBefore(prompt));
  }

  /** What an adapter is started with. */
  ears(platform: Platform, commands: readonly Command[]): Ears {
    const forms: readonly Form[] = this.#activities.flatMap((activity) => activity.forms);
    return {
      forms,
      commands,
      take: (event) => this.#take(platform, event),
      prefill: (form, about, user) => this.#prefill(form, about, user),
      connected: () => this.#readBacks.get(platform.name)?.all(),
    };
  }

  /** Begins to work off what was heard, first what an earlier life left over. */
  open(): Promise<void> {
    return this.#inbox.open(new Set(this.#platforms.keys()), (heard) => this.#work(heard));
  }

  async #settingOf(prompt: Prompt): Promise<Setting | undefined> {
    const community = await this.#hall.communities.get(prompt.community);
    return community && this.#setting(community);
  }

  /** Somebody may have answered before the prompt was written down. */
  async #readBefore(prompt: Prompt): Promise<void> {
    // A prompt's id begins with its community's, which names the platform; a failed read is the next connect's to mend.
    const community = await this.#hall.communities.get(prompt.community).catch(() => undefined);
    if (community) this.#readBacks.get(community.platform)?.one(prompt);
  }

  /** Words that answer no prompt of ours are never written down. */
  async #take(platform: Platform, event: Inbound): Promise<void> {
    const typed = event.kind === "replied" || event.kind === "edited";
    if (typed && !(await this.#hall.prompts.in(event.place))) return;
    await this.#inbox.take(platform.name, event);
  }

  /** Also where nothing asks yet: what was taken back there must not come in later by a delayed event. */
  async #retract(platform: Platform, { place, message, at }: Extract<Inbound, { kind: "retracted" }>): Promise<void> {
    const prompt = await this.#hall.prompts.in(place);
    const here = prompt?.community ?? (await this.#hall.communities.at(platform.name, platform.channelOf(place)))?.id;
    if (here) await this.#hall.answers.retract(here, message, at);
  }

  async #prefill(form: string, about: string, user: UserId): Promise<Prefill> {
    const activity = this.#activities.find(({ forms }) => forms.some(({ id }) => id === form));
    return (await activity?.prefill?.(form, about, await this.#hall.roster.known(user))) ?? {};
  }

  async #work({ platform: name, event }: Heard): Promise<void> {
    const platform = this.#platforms.get(name);
    // The inbox hands on what came from these platforms alone.
    if (!platform) return;
    switch (event.kind) {
      case "replied":
      case "edited":
        return await this.#hear(platform, event);
      case "retracted":
        return await this.#retract(platform, event);
      case "pressed":
        return await this.#press(platform, event);
      case "submitted":
        return await this.#submit(platform, event);
      case "commanded":
        return await this.#commands.use(platform, event);
      case "joined":
        return await this.#join(platform, event);
      case "left":
        return;
    }
  }

  async #hear(platform: Platform, event: Typed): Promise<void> {
    const prompt = await this.#hall.prompts.in(event.place);
    if (!prompt || (await this.#isForgotten(event))) return;
    const person = await this.#hall.roster.meet(platform, event.by.id);
    await this.#hall.answers.hear(prompt, person.id, { ...event, edited: event.kind === "edited" });
  }

  /** Words of before somebody asked to be forgotten are dropped, and leave every byte of the journal. */
  async #isForgotten({ by, at }: Inbound): Promise<boolean> {
    const isForgotten = await wasForgottenSince(this.#hall, by.id, at);
    if (isForgotten) this.#hall.scrubber.soon();
    return isForgotten;
  }

  async #join(platform: Platform, event: Extract<Inbound, { kind: "joined" | "left" }>): Promise<void> {
    const community = await this.#hall.communities.at(platform.name, platform.channelOf(event.place));
    const setting = community && this.#setting(community);
    if (!setting) return;
    const person = await this.#hall.roster.meet(platform, event.by.id);
    for (const activity of this.#activities) await activity.joined?.(setting, person);
  }

  async #press(platform: Platform, event: Extract<Inbound, { kind: "pressed" }>): Promise<void> {
    const [verb = "", ...args] = event.button.split(":");
    const press = await this.#pressOf(platform, event, args, args[0]);
    const handler = [this.#buttons, ...this.#activities.map((activity) => activity.pressed)].find((buttons) =>
      Object.hasOwn(buttons, verb),
    )?.[verb];
    if (press && handler) return await handler(press);
    await this.#outOfDate(platform, event);
  }

  async #submit(platform: Platform, event: Extract<Inbound, { kind: "submitted" }>): Promise<void> {
    if (await this.#isForgotten(event)) return;
    const press = await this.#pressOf(platform, event, [], event.about);
    const handler = this.#activities
      .map((activity) => activity.submitted[event.form])
      .find((found) => found !== undefined);
    if (!press || !handler) return await this.#outOfDate(platform, event);
    const submission: Submission = { ...press, about: event.about, values: event.values };
    await handler(submission);
  }

  async #pressOf(
    platform: Platform,
    event: Pressed,
    args: readonly string[],
    named: string | undefined,
  ): Promise<Press | undefined> {
    const community =
      (await this.#named(named)) ??
      (event.place && (await this.#hall.communities.at(platform.name, platform.channelOf(event.place))));
    const setting = community && this.#setting(community);
    if (!setting) return undefined;
    const person = await this.#hall.roster.meet(platform, event.by.id);
    const { at, by, whisper: to } = event;
    return {
      ...setting,
      event: event.event,
      at,
      by: by.id,
      person,
      args,
      whisper: to,
      ...(event.message ? { message: event.message } : {}),
    };
  }

  async #named(named: string | undefined): Promise<Community | undefined> {
    return named && named.length >= COMMUNITY_ID
      ? await this.#hall.communities.get(named.slice(0, COMMUNITY_ID))
      : undefined;
  }

  #outOfDate(platform: Platform, event: Pressed): Promise<void> {
    return whisper(this.#hall, { platform, whisper: event.whisper }, this.#hall.say.spans("form.out-of-date"));
  }
}
