/** Takes a token for what it is, so that one pasted into the wrong line is told where it belongs. Its value is never printed. */
import type { Environment } from "./environment.ts";

interface Kind {
  readonly looks: RegExp;
  /** What may be said of it without giving it away. */
  readonly mark: string;
  readonly noun: string;
  /** Absent: we need none of this kind. */
  readonly home?: string;
  /** How every one of its kind begins. Absent: other servers' may look otherwise. */
  readonly start?: string;
}

const KINDS: readonly Kind[] = [
  { looks: /^xoxb-/, mark: "starts with xoxb-", noun: "bot token", home: "SLACK_BOT_TOKEN", start: "xoxb-" },
  { looks: /^xapp-/, mark: "starts with xapp-", noun: "app-level token", home: "SLACK_APP_TOKEN", start: "xapp-" },
  { looks: /^xox[a-z.]+-/, mark: "starts with xox", noun: "token of a person or a session" },
  {
    looks: /^[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}$/,
    mark: "has three parts",
    noun: "Discord token",
    home: "DISCORD_TOKEN",
  },
];

export function token(env: Environment, name: string): string | undefined {
  const value = env.text(name);
  if (value === undefined) return undefined;
  const found = KINDS.find(({ looks }) => looks.test(value));
  const start = KINDS.find(({ home }) => home === name)?.start;
  const length = `${value.length} characters${found ? `, ${found.mark}` : ""}`;
  if (/\s/.test(value))
    env.problem("E_ENV_TOKEN_FORM", name, `There is a space inside it (${length}). Copy the token once more, alone.`);
  else if (found !== undefined && found.home !== name) env.problem("E_ENV_TOKEN_KIND", name, misplaced(name, found));
  else if (start !== undefined && !value.startsWith(start))
    env.problem("E_ENV_TOKEN_FORM", name, `It does not start with ${start} (${length}). Copy it once more.`);
  return value;
}

function misplaced(name: string, { mark, noun, home }: Kind): string {
  const expected = KINDS.find((kind) => kind.home === name);
  const belongs = home === undefined ? "I need none of that kind" : `It belongs in ${home}`;
  const instead = expected?.start === undefined ? "" : `; the ${expected.noun} starts with ${expected.start}`;
  return `${name} ${mark} (${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}). ${belongs}${instead}.`;
}
