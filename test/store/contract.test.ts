import { systemClock } from "../../src/clock.ts";
import { memoryStore } from "../../src/store/memory.ts";
import { storeContract } from "./contract.ts";
import { newFolder, opening } from "./fresh.ts";

storeContract("in memory", async () => {
  const store = memoryStore(systemClock);
  return { store, remove: () => store.close() };
});

storeContract("in SQLite", async () => {
  const folder = newFolder();
  const store = await opening(folder.file);
  const remove = async () => {
    await store.close();
    folder.remove();
  };
  return { store, remove };
});
