// The function of `bench/triggers.ts`: writes down how long ago each of its records was sent. The clocks of processes
// on one machine agree.
import { appendFileSync } from "node:fs";

export async function handler({ Records }) {
  const now = performance.timeOrigin + performance.now();
  const lags = Records.map(({ dynamodb: { NewImage } }) => now - Number(NewImage.sentAt.N));
  const [first] = Records;
  appendFileSync(first.dynamodb.NewImage.lags.S, `${lags.join("\n")}\n`);
}
