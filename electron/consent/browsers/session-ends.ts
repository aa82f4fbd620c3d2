import { AppError } from '../../../shared/errors.ts';
import { type ConsentPurpose, purposeWords } from './purpose.ts';

/** The caller ended it. */
export function cancelled(purpose: ConsentPurpose): AppError {
  return new AppError('consent_cancelled', `The ${purpose} was cancelled.`);
}

/** The person closed the window before the way back. */
export function windowClosed(purpose: ConsentPurpose): AppError {
  const { again, done } = purposeWords[purpose];
  const message = `The ${purpose} window was closed before the ${purpose} was through.`;
  return new AppError('consent_window_closed', message, {
    action: `${again}, and leave the window open until it says that you are ${done.toLowerCase()}.`,
  });
}

/** The browser or its page is gone, and nobody closed it. */
export function pageEnded(purpose: ConsentPurpose, message: string): AppError {
  return new AppError('consent_page_failed', message, { action: `${purposeWords[purpose].again}.` });
}
