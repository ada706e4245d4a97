import { memoryIn } from "../../src/furnishing.ts";
import { RoomWorld } from "../contract/room.world.ts";
import { live } from "./child.ts";

await live(({ store, clock }) => {
  const people = new RoomWorld(memoryIn(store), clock);
  return { platform: people.adapter(), people };
});
