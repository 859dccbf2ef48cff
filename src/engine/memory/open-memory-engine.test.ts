import { describeEngine } from "../contract.ts";
import { openMemoryEngine } from "./open-memory-engine.ts";

describeEngine("memory", openMemoryEngine);
