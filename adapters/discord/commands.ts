/** Commands -> Discord's slash commands with typed subcommands, and back to the line that a person would have typed. */
import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandInteractionDataBasicOption,
  type APIApplicationCommandSubcommandOption,
  type APIChatInputApplicationCommandInteractionData,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type Client,
  InteractionContextType,
  PermissionFlagsBits,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  Routes,
} from "discord.js";
import type { Arg, Command, UserId, Verb } from "../../src/platform.ts";
import { denied } from "./faults.ts";
import { userId } from "./ids.ts";
import type { Wire } from "./wire.ts";

/** Everything Together does in a server, and nothing more. */
const PERMISSIONS = [
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessages,
  PermissionFlagsBits.AttachFiles,
  PermissionFlagsBits.ReadMessageHistory,
  PermissionFlagsBits.CreatePublicThreads,
  PermissionFlagsBits.CreatePrivateThreads,
  PermissionFlagsBits.SendMessagesInThreads,
].reduce((all, one) => all | one);

type Slash = RESTPostAPIChatInputApplicationCommandsJSONBody;

function slash(command: Command): Slash {
  return {
    type: ApplicationCommandType.ChatInput,
    name: command.name,
    description: command.about,
    contexts: [InteractionContextType.Guild],
    default_member_permissions: command.hidden ? String(PermissionFlagsBits.ManageGuild) : null,
    options: command.verbs.map(subcommand),
  };
}

function subcommand(verb: Verb): APIApplicationCommandSubcommandOption {
  return {
    type: ApplicationCommandOptionType.Subcommand,
    name: verb.name,
    description: verb.about,
    options: verb.args.map(option),
  };
}

function option(arg: Arg): APIApplicationCommandBasicOption {
  const common = { name: arg.name, description: arg.about, required: arg.required };
  if (arg.kind === "person") return { type: ApplicationCommandOptionType.User, ...common };
  const choices = arg.options?.map(({ id, label }) => ({ name: label, value: id }));
  return { type: ApplicationCommandOptionType.String, ...common, ...(choices ? { choices } : {}) };
}

/** For every server at once, and only where something has changed: Discord counts registrations. */
export async function register({ application, guilds }: Client<true>, wire: Wire, commands: readonly Command[]) {
  if (guilds.cache.size === 0) throw uninvited(application.id);
  const ours = commands.map(slash);
  const route = Routes.applicationCommands(application.id);
  // What cannot be read is registered again: that does no harm, and says what is wrong.
  const registered = await wire.list("register", route).catch(() => []);
  if (!same(registered, ours)) await wire.call("register", "PUT", route, { body: ours });
}

export const uninvited = (application: string) =>
  denied(`The bot is in no server. Invite it: ${invitation(application)}`);

const invitation = (application: string): string =>
  `https://discord.com/oauth2/authorize?client_id=${application}&scope=bot+applications.commands&permissions=${PERMISSIONS}`;

/** Whether Discord already has these commands: it adds fields of its own, drops empty lists and counts every change. */
function same(registered: readonly unknown[], ours: readonly Slash[]): boolean {
  const sorted = (all: readonly unknown[]) => all.map((one) => JSON.stringify(bare(one))).sort();
  return JSON.stringify(sorted(registered)) === JSON.stringify(sorted(ours));
}

const KEPT = [
  "type",
  "name",
  "description",
  "required",
  "contexts",
  "default_member_permissions",
  "choices",
  "value",
  "options",
];

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  const fields = new Map(Object.entries(value));
  const isEmpty = (one: unknown) => one === undefined || one === false || (Array.isArray(one) && one.length === 0);
  return KEPT.flatMap((name) => (isEmpty(fields.get(name)) ? [] : [[name, bare(fields.get(name))]]));
}

/** In the order of the verb's arguments, whatever order they were filled in; people are taken out. */
export function lineOf(
  data: APIChatInputApplicationCommandInteractionData,
  commands: readonly Command[],
): { readonly line: string; readonly people: readonly UserId[] } {
  const chosen = data.options?.[0];
  if (chosen?.type !== ApplicationCommandOptionType.Subcommand) return { line: "", people: [] };
  const verb = commands.find(({ name }) => name === data.name)?.verbs.find(({ name }) => name === chosen.name);
  const order = verb?.args.map(({ name }) => name) ?? [];
  const given = [...(chosen.options ?? [])].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const isPerson = (one: APIApplicationCommandInteractionDataBasicOption) =>
    one.type === ApplicationCommandOptionType.User;
  const people = given.filter(isPerson).map(({ value }) => userId(String(value)));
  const words = given.filter((one) => !isPerson(one)).map(({ value }) => String(value));
  return { line: [chosen.name, ...words].join(" "), people };
}
