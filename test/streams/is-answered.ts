/** Sends a request; false when no answer came. Nothing in this drill is ever refused, hence a refusal is thrown. */
export async function isAnswered(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    // Errors of the SDK tell of the answer that they came with; those without any of this are the drill's own.
    const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } };
    if (metadata === undefined || metadata.httpStatusCode !== undefined) throw error;
    return false;
  }
}
