/** A file's text as it stands in the editor, whose lines end in a line feed alone; no file is an empty text. */
export function asTyped(text: string | null): string {
  return (text ?? '').replace(/\r\n?/g, '\n');
}

/** What was typed, with the line ends of the file that it replaces. */
export function asWritten(typed: string, file: string | null): string {
  return file?.includes('\r\n') ? typed.replaceAll('\n', '\r\n') : typed;
}
