/**
 * A defect for the log: where it happened, and not what its messages say, since they may quote a token or a page.
 * `GRANTWRIGHT_DEBUG=1` logs it whole.
 */
export function describeDefect(thrown: unknown): string {
  const lines: string[] = [];
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (process.env.GRANTWRIGHT_DEBUG === '1') lines.push(String(error.stack));
    else lines.push(error.name, ...(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)));
  }
  return lines.join('\n');
}
