/** A command's verbs, a line each. */
import { bold, newline, text } from "../words.ts";
import type { Office, Reply, VerbHere } from "./verb.ts";

export function helpOf({ say }: Office, command: string, verbs: readonly VerbHere[]): Reply {
  const lines = verbs.flatMap(({ verb }) => {
    const args = verb.args.map(({ name, required }) => (required ? ` ${name}` : ` [${name}]`)).join("");
    return [newline, bold(`${verb.name}${args}`), text(` ${verb.about}`)];
  });
  return [...say.spans(`help.${command}`), ...lines];
}
