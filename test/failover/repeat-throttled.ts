import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

type RetryStrategy = Extract<
  NonNullable<DynamoDBClientConfig["retryStrategy"]>,
  { acquireInitialRetryToken: unknown }
>;
type RetryToken = Awaited<ReturnType<RetryStrategy["acquireInitialRetryToken"]>>;

const repeatsMax = 600;
const repeatEveryMs = 100;

/**
 * Repeats what a server turned away before it did anything, and nothing else: an attempt that got no answer has an
 * unknown outcome, and a second one would hide it.
 */
export const repeatThrottled: RetryStrategy = {
  acquireInitialRetryToken: () => Promise.resolve(tokenOf(0)),
  refreshRetryTokenForRetry: (token, { error, errorType }) => {
    const isTurnedAway = errorType === "THROTTLING" && token.getRetryCount() < repeatsMax;
    return isTurnedAway
      ? Promise.resolve(tokenOf(token.getRetryCount() + 1))
      : Promise.reject(error ?? new Error());
  },
  recordSuccess: () => undefined,
};

function tokenOf(repeats: number): RetryToken {
  return { getRetryCount: () => repeats, getRetryDelay: () => (repeats === 0 ? 0 : repeatEveryMs) };
}
