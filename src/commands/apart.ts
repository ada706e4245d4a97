/** `/together apart`: not to be paired with somebody. Between the person who says it and us. */
import { type Press, type Setting, whisper } from "../activities/activity.ts";
import type { Office, Reply, Use } from "./verb.ts";

/** As many as one message has buttons for. */
const SHOWN = 5;

export async function apart(office: Office, use: Use & Setting): Promise<Reply> {
  const { say, roster, clock } = office;
  const [user] = use.people;
  if (user === undefined) return use.rest ? say.spans("apart.not-here") : await named(office, use);
  if (user === use.by) return say.spans("apart.not-oneself");
  const other = await roster.meet(use.platform, user);
  await office.apart.keep(use.community.id, use.person.id, other.id, clock.now());
  return say.spans("apart.done", { name: other.name });
}

async function named(office: Office, { community, person }: Use & Setting): Promise<Reply> {
  const ids = await office.apart.of(community.id, person.id);
  const others = (await Promise.all(ids.map((id) => office.roster.get(id)))).flatMap((other) => other ?? []);
  if (others.length === 0) return office.say.spans("apart.none");
  const names = new Intl.ListFormat("en-GB").format(others.map(({ name }) => name));
  return {
    body: office.say.spans("apart.are", { names }),
    buttons: others.slice(0, SHOWN).map(({ id, name }) => ({
      id: `lift:${community.id}:${id}`,
      label: office.say.text("apart.lift", { name: name.slice(0, 40) }),
    })),
  };
}

export async function lift(office: Office, press: Press): Promise<void> {
  await office.apart.lift(press.community.id, press.person.id, press.args[1] ?? "");
  await whisper(office, press, office.say.spans("apart.lifted"));
}
