/** Takes a token for what it is, so that one pasted into the wrong line is told where it belongs. Its value is never printed. */
import type { Environment } from "./environment.ts";

interface Kind {
  readonly begins: RegExp;
  /** What one can see of it without giving it away. */
  readonly mark: string;
  readonly kind: string;
  /** Absent: we need none of this kind. */
  readonly home?: string;
}

const KINDS: readonly Kind[] = [
  { begins: /^xoxb-/, mark: "starts with xoxb-", kind: "a bot token", home: "SLACK_BOT_TOKEN" },
  { begins: /^xapp-/, mark: "starts with xapp-", kind: "an app-level token", home: "SLACK_APP_TOKEN" },
  { begins: /^xox[a-z.]+-/, mark: "starts with xox", kind: "a token of a person or a session; I need none" },
  {
    begins: /^[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}$/,
    mark: "has three parts",
    kind: "a Discord token",
    home: "DISCORD_TOKEN",
  },
];
/** Where the kind is known by how it begins. */
const STARTS: Readonly<Record<string, { readonly start: string; readonly noun: string }>> = {
  SLACK_BOT_TOKEN: { start: "xoxb-", noun: "the bot token" },
  SLACK_APP_TOKEN: { start: "xapp-", noun: "the app-level token" },
};

export function token(env: Environment, name: string): string | undefined {
  const value = env.text(name);
  if (value === undefined) return undefined;
  const expected = STARTS[name];
  const known = KINDS.find(({ begins }) => begins.test(value));
  const length = `${value.length} characters${known ? `, ${known.mark}` : ""}`;
  if (/\s/.test(value))
    env.problem("E_ENV_TOKEN_FORM", name, `There is a space inside it (${length}). Copy the token once more, alone.`);
  else if (known !== undefined && known.home !== name) env.problem("E_ENV_TOKEN_KIND", name, misplaced(name, known));
  else if (expected !== undefined && known === undefined)
    env.problem("E_ENV_TOKEN_FORM", name, `It does not start with ${expected.start} (${length}). Copy it once more.`);
  return value;
}

function misplaced(name: string, { mark, kind, home }: Kind): string {
  const expected = STARTS[name];
  const belongs = home === undefined ? `Take ${name} from the app's page` : `It belongs in ${home}`;
  const instead = expected === undefined ? "" : `; ${expected.noun} starts with ${expected.start}`;
  return `${name} ${mark} (${kind}). ${belongs}${instead}.`;
}
