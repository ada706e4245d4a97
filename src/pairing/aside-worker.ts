/** The thread of `aside.ts`: deals the one round it was started with, answers and ends. */
import { parentPort, workerData } from "node:worker_threads";
import type { AnswerAside, RoundAside } from "./aside.ts";
import { PairingError } from "./errors.ts";
import { History } from "./history.ts";
import { pairRound } from "./index.ts";

function answer(question: RoundAside): AnswerAside {
  try {
    return { round: pairRound({ ...question, history: History.unpacked(question.history) }) };
  } catch (error) {
    if (!(error instanceof PairingError)) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

// Started only by aside.ts, which hands over a RoundAside.
parentPort?.postMessage(answer(workerData as RoundAside));
