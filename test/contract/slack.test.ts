import { contract } from "./contract.ts";
import { newSlackWorld } from "./slack.world.ts";

contract("Slack by Socket Mode", () => newSlackWorld("socket"));
contract("Slack by signed HTTP", () => newSlackWorld("http"));
