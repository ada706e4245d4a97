import { contract } from "./contract.ts";
import { newRoomWorld } from "./room.world.ts";

contract("the room", newRoomWorld);
