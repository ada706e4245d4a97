/** A large round is dealt beside the bot, so that it keeps answering meanwhile. Same answer as `pairRound`, later. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { checkInput } from "./check.ts";
import { PairingError, type PairingFault } from "./errors.ts";
import type { PackedHistory } from "./history.ts";
import { pairRound, type Round, type RoundInput } from "./index.ts";

/** Up to here a round is dealt at once: it takes less than starting a thread. */
const INLINE_UP_TO = 500;

/** What crosses to the thread: a class would lose its methods on the way, so the history is packed. */
export type RoundAside = Omit<RoundInput, "history"> & { readonly history: PackedHistory };
export type AnswerAside =
  | { readonly round: Round }
  | { readonly refused: { readonly code: PairingFault; readonly message: string } };

/** Rejects with a `PairingError` where the input is wrong. */
export async function pairRoundAside(input: RoundInput): Promise<Round> {
  checkInput(input);
  if (input.present.length <= INLINE_UP_TO) return pairRound(input);
  const answer = await ask({ ...input, history: input.history.packed() });
  if ("refused" in answer) throw new PairingError(answer.refused.code, answer.refused.message);
  return answer.round;
}

function ask(question: RoundAside): Promise<AnswerAside> {
  const worker = open(question);
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new Error(`The thread that deals a round ended without an answer (${code}).`)),
    );
  });
}

/**
 * Compiled, the thread runs the .js beside this file. From the sources (tests, `tsx`) Node 20 cannot read .ts in a
 * thread by itself, so the thread registers tsx, which is there wherever the sources are run.
 */
function open(question: RoundAside): Worker {
  const compiled = import.meta.url.endsWith(".js");
  const target = new URL(compiled ? "./aside-worker.js" : "./aside-worker.ts", import.meta.url);
  if (compiled) return new Worker(target, { workerData: question });
  // A data: module has no folder to look in for a package, hence the whole address.
  const tsx = new URL("esm/api/index.mjs", pathToFileURL(createRequire(import.meta.url).resolve("tsx")));
  const start = `import { tsImport } from "${tsx}"; await tsImport("${target}", "${import.meta.url}");`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(start)}`), { workerData: question });
}
