import { contract } from "./contract.ts";
import { newDiscordWorld } from "./discord.world.ts";

contract("Discord", newDiscordWorld);
