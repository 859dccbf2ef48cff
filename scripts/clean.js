// Empties the build folder, so that a renamed source leaves no stale module behind.
import { rmSync } from "node:fs";

rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
