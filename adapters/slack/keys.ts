/**
 * How a send key travels with a message. Slack has no such thing: it stands in the message's metadata, and with a
 * shared file, which can have none, in the name of its first block. Any member may read it; it says nothing.
 */
import type { types, webApi } from "@slack/bolt";
import type { Message, SendKey } from "../../src/platform.ts";

export const keyed = (key: SendKey) => ({ metadata: { event_type: "together", event_payload: { key: String(key) } } });

export const marked = (blocks: types.KnownBlock[], key: SendKey): types.KnownBlock[] =>
  blocks.map((block, index) => (index === 0 ? { ...block, block_id: key } : block));

type Listed = NonNullable<webApi.ConversationsHistoryResponse["messages"]>[number];

export const isKeyed = (said: Listed, key: SendKey): boolean =>
  payloadOf(said)?.["key"] === key || said.blocks?.[0]?.block_id === key;

/** The SDK's type says that metadata has no payload; with `include_all_metadata` it has. */
function payloadOf({ metadata }: Listed): Record<string, unknown> | undefined {
  const payload = metadata && "event_payload" in metadata ? metadata.event_payload : undefined;
  return typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>) : undefined;
}

/** What has to be uploaded: a picture with its words for those who do not see it, a file. */
export function filesOf({ picture, file }: Message) {
  return [
    ...(picture ? [{ file: Buffer.from(picture.png, "base64"), filename: "picture.png", alt_text: picture.alt }] : []),
    ...(file ? [{ file: Buffer.from(file.text, "utf8"), filename: file.name }] : []),
  ];
}
