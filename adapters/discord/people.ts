/** Who people are, asked over REST: the gateway's cache of members is never complete. */
import {
  type APIGuildMember,
  type APIUser,
  type Client,
  type Guild,
  GuildMemberFlags,
  PermissionFlagsBits,
  Routes,
} from "discord.js";
import type { Person, Place, UserId } from "../../src/platform.ts";
import { fault, unknown } from "./faults.ts";
import { accountOf, spotOf, userId } from "./ids.ts";
import type { Wire } from "./wire.ts";

const PAGE = 1_000;

/**
 * A UserId names no server, so where the bot is in several, a person's name is the first one's, and they may run the
 * workshop only if they manage all of them.
 */
export async function person(client: Client<true>, wire: Wire, id: UserId): Promise<Person> {
  const account = accountOf(id);
  const guilds = [...client.guilds.cache.values()];
  const asked = guilds.map((guild) => wire.found<APIGuildMember>("person", Routes.guildMember(guild.id, account)));
  const members = await Promise.all(asked);
  const member = members.find((one) => one !== undefined);
  if (!member) return { name: await nameOf(wire, account), kind: "gone", mayRunWorkshop: false };
  const manages = guilds.every((guild, at) => isManager(guild, members[at]));
  return { name: member.nick ?? shown(member.user), kind: kindOf(member), mayRunWorkshop: manages && !member.user.bot };
}

/** Bots, the guests of a voice invite and members are all members to Discord. */
function kindOf({ user, flags }: APIGuildMember): Person["kind"] {
  if (user.bot) return "bot";
  return flags & GuildMemberFlags.IsGuest ? "guest" : "person";
}

/** Roles that cannot be seen are an error, not a "no". */
function isManager(guild: Guild, member: APIGuildMember | undefined): boolean {
  if (!member) return false;
  if (!guild.available) throw unknown("Discord cannot say who manages the server just now.");
  if (guild.ownerId === member.user.id) return true;
  // The role that everyone has bears the server's id.
  return [guild.id, ...member.roles].some((role) =>
    guild.roles.cache.get(role)?.permissions.has(PermissionFlagsBits.ManageGuild),
  );
}

async function nameOf(wire: Wire, account: string): Promise<string> {
  const user = await wire.found<APIUser>("person", Routes.user(account));
  return user ? shown(user) : "";
}

const shown = (user: APIUser): string => user.global_name ?? user.username;

/** The people, not the bots, who can see a channel. Needs the Server Members intent. */
export async function members(client: Client<true>, at: Place): Promise<readonly UserId[]> {
  const { server, channel: id } = spotOf(at);
  const guild = client.guilds.cache.get(server);
  const channel = guild?.channels.cache.get(id);
  if (!guild || !channel) throw unknown("Discord does not show this channel just now.");
  const people: UserId[] = [];
  for (let after = "0"; ; ) {
    const page = await guild.members.list({ limit: PAGE, after, cache: false }).catch((error) => {
      throw fault(error, "person");
    });
    for (const [account, member] of page) {
      const sees = channel.permissionsFor(member).has(PermissionFlagsBits.ViewChannel);
      if (sees && !member.user.bot) people.push(userId(account));
    }
    if (page.size < PAGE) return people;
    after = page.lastKey() ?? after;
  }
}
