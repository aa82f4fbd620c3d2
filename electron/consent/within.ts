/** What a promise gives if it does so in time, else null; rejects if it rejects in time. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  return Promise.race([promise, over]).finally(() => clearTimeout(timer));
}
