/** The lines of a stack that name places; a message may have lines that only look so. */
function placesIn({ message, stack = '' }: Error): string[] {
  const frames = stack.replace(message, '').split('\n');
  return frames.filter((line) => /^ {4}at \S.*(?::\d+\)?|\))$/.test(line));
}

/**
 * A defect for the log: where it happened, and not what its messages say, since they may quote a token or a page.
 * `GRANTWRIGHT_DEBUG=1` logs it whole.
 */
export function describeDefect(thrown: unknown): string {
  const lines: string[] = [];
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (process.env.GRANTWRIGHT_DEBUG === '1') lines.push(String(error.stack));
    else lines.push(error.name, ...placesIn(error));
  }
  return lines.join('\n');
}
