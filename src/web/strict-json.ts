/** JSON as our own page would send it: no key twice, none that means more than itself, nothing nested without end. */

/** Deeper than any request of ours. */
const DEPTH = 20;
const LOADED = ["__proto__", "constructor", "prototype", "toJSON"];
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** Throws a `SyntaxError` that says what is wrong with a text. */
export function checkJson(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  const tokens = text.match(TOKEN) ?? [];
  for (const [at, token] of tokens.entries()) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (tokens[at + 1] === ":") noteKey(token, open.at(-1));
    if (open.length > DEPTH) throw new SyntaxError(`That is nested deeper than ${DEPTH}.`);
  }
  JSON.parse(text);
}

/** Called for everything before a colon; what is no key there, `JSON.parse` refuses afterwards. */
function noteKey(token: string, keys: Set<string> | undefined): void {
  if (!token.startsWith('"') || !keys) return;
  // A JSON string by itself is JSON; escapes in a key must not hide what it says.
  const key: unknown = JSON.parse(token);
  if (typeof key !== "string" || LOADED.includes(key)) throw new SyntaxError(`${token} is no name for a field.`);
  if (keys.has(key)) throw new SyntaxError(`${token} stands there twice.`);
  keys.add(key);
}
