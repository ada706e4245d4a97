/** What can be wrong with what a round is asked for. Closed: a caller may switch over it. */
export type PairingFault =
  | "not-a-string"
  | "not-a-list"
  | "not-a-history"
  | "repeated-member"
  | "excluded-from-oneself"
  | "bad-exclusion"
  | "bad-circle"
  | "bad-mode"
  | "bad-group-size"
  | "held-alone"
  | "already-seated"
  | "bad-round-number";

/** The only error of this folder. A wrong input is refused whole; it never becomes a wrong round. */
export class PairingError extends Error {
  override readonly name = "PairingError";
  readonly code: PairingFault;

  constructor(code: PairingFault, message: string) {
    super(message);
    this.code = code;
  }
}
