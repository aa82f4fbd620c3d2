import { AppError } from '../../shared/errors.ts';

/** The way for hosts that grant no clipboard permission: a text that is selected, copied and removed again. */
function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'offscreen';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}

/** Puts a text into the clipboard; throws `not_supported_here` where neither way is allowed. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (thrown) {
    if (copySelected(text)) return;
    throw new AppError('not_supported_here', 'The clipboard could not be used.', {
      action: 'Allow this page to use the clipboard, then copy again.',
      cause: thrown,
    });
  }
}
