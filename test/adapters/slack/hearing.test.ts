/** Which kinds of message are a person's words, and what becomes of each. */
import { expect, test } from "vitest";
import { heardOf, lineOf, listed, type Said, wordsOf } from "../../../adapters/slack/hearing.ts";
import { newIds } from "../../../adapters/slack/ids.ts";

const here = { ids: newIds("T1"), me: "UBOT", nameOf: async (id: string) => (id === "U2" ? "Ben" : undefined) };
const said: Said = {
  channel: "C1",
  channel_type: "channel",
  user: "U1",
  text: "hi",
  ts: "2.000100",
  thread_ts: "1.000100",
};
const before = { ...said };
const changed = (message: Said): Said => ({
  subtype: "message_changed",
  channel: "C1",
  channel_type: "channel",
  ts: "3.0",
  message,
  previous_message: before,
});

const FORWARDED = [{ is_share: true, author_id: "U2", text: "what Ben wrote elsewhere" }];

const KINDS: readonly [string, Said, string | undefined][] = [
  ["a reply", said, "replied"],
  ["a reply that also goes to the channel", { ...said, subtype: "thread_broadcast" }, "replied"],
  ["/me", { ...said, subtype: "me_message" }, "replied"],
  ["words with a picture", { ...said, subtype: "file_share" }, "replied"],
  ["a picture without words", { ...said, subtype: "file_share", text: "" }, undefined],
  // What was forwarded stands beside the text, which holds the words of whoever forwards it.
  ["a forwarded message with words", { ...said, text: "look", attachments: FORWARDED } as Said, "replied"],
  ["a forwarded message without words", { ...said, text: "", attachments: FORWARDED } as Said, undefined],
  ["somebody leaves", { ...said, subtype: "channel_leave" }, undefined],
  ["a huddle", { ...said, subtype: "huddle_thread" }, undefined],
  ["a reminder of Slack's", { ...said, subtype: "reminder_add" }, undefined],
  ["a bot's words", { ...said, bot_id: "B1" }, undefined],
  ["a webhook's words", { ...said, subtype: "bot_message", user: undefined } as unknown as Said, undefined],
  ["Slackbot's words", { ...said, user: "USLACKBOT" }, undefined],
  ["our own", { ...said, user: "UBOT" }, undefined],
  ["somebody joins", { ...said, subtype: "channel_join" }, undefined],
  ["a new topic", { ...said, subtype: "channel_topic" }, undefined],
  ["the channel's chatter", { ...said, thread_ts: "2.000100" }, undefined],
  ["a private place", { ...said, channel: "D1", channel_type: "im", thread_ts: "2.000100" }, "replied"],
  ["a pair's room", { ...said, channel: "G1", channel_type: "mpim" }, undefined],
  ["an edit", changed({ ...said, text: "ho", edited: { ts: "3.000100" } }), "edited"],
  ["an edit to nothing", changed({ ...said, text: "", edited: { ts: "3.000100" } }), "edited"],
  ["an unfolded link", changed({ ...said, text: "hi" }), undefined],
  ["a bot's edit", changed({ ...said, bot_id: "B1", edited: { ts: "3.000100" } }), undefined],
  [
    "a deletion",
    {
      subtype: "message_deleted",
      channel: "C1",
      channel_type: "channel",
      deleted_ts: "2.000100",
      previous_message: before,
    },
    "retracted",
  ],
  ["a deletion that leaves a mark", changed({ ...said, subtype: "tombstone", user: "USLACKBOT" }), "retracted"],
  ["a deletion of nobody's", { subtype: "message_deleted", channel: "C1", channel_type: "channel" }, undefined],
  ["nothing at all", {}, undefined],
];

test.each(KINDS)("promise 23: %s", async (_what, message, kind) => {
  const inbound = await heardOf("Ev1", message, here);
  expect(inbound?.kind).toBe(kind);
  if (inbound && "message" in inbound)
    expect(inbound).toMatchObject({
      event: "Ev1",
      message: `slack/T1/message/${message.channel}/2.000100`,
      by: { id: "slack/T1/user/U1" },
    });
});

test("promise 23: read back from a thread, each kind counts as it does when it is heard", async () => {
  const threaded = KINDS.filter(
    ([, { ts, thread_ts, channel }]) => channel === "C1" && ts === said.ts && thread_ts !== ts,
  );
  for (const [what, message, kind] of threaded)
    expect([what, (await listed("C1", message, here))?.human]).toEqual([what, kind === "replied"]);
  console.info(`promise 23: ${KINDS.length} kinds of messages, ${threaded.length} of them also as read back`);
});

test("versions grow with each edit and begin at nought", async () => {
  const versions = [];
  for (const message of [
    said,
    changed({ ...said, edited: { ts: "3.000100" } }),
    changed({ ...said, edited: { ts: "3.000101" } }),
  ]) {
    const inbound = await heardOf("Ev1", message, here);
    versions.push(inbound && "version" in inbound ? inbound.version : undefined);
  }
  expect(versions).toEqual([0, 3_000_100, 3_000_101]);
});

test.each([
  ["&lt;b&gt; &amp;amp; 3 &lt; 4", "<b> &amp; 3 < 4"],
  ["I met <@U2> and <@U3|cleo> and <@U4>", "I met @Ben and @cleo and @U4"],
  ["<#C1|general> <!channel> <!here|here> <!subteam^S1|@team>", "#general @channel here @team"],
  [
    "<https://x.org> <http://x.org|x.org> <mailto:a@b.c|a@b.c> <https://x.org|our page>",
    "https://x.org x.org a@b.c our page (https://x.org)",
  ],
  ["1 < 2 > 0 <> <|>", "1 < 2 > 0 <> <|>"],
  ["*bold* _it_ ~no~ `x`", "*bold* _it_ ~no~ `x`"],
])("%s is read as it was typed", async (sent, typed) => {
  expect(await wordsOf(sent, here)).toBe(typed);
});

test("a command's people are taken out in order, once or twice", async () => {
  const { line, people } = await lineOf("facilitator add <@U2|ben>  <@U1|ana> now &amp; then", here);
  expect([line, people]).toEqual(["facilitator add now & then", ["slack/T1/user/U2", "slack/T1/user/U1"]]);
});
