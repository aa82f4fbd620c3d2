import { idFromName } from '../../../shared/model/identifier.ts';
import type { TokenEvent } from '../../../shared/model/token.ts';
import { isoTime } from '../../ui/time-words.ts';

/** What the export is about; `nowMs` stands in it and in the file's name. */
export interface ExportedTimeline {
  project: string;
  events: readonly TokenEvent[];
  nowMs: number;
}

/** Token events as a JSON text, in the order given, each time also as people and other tools read it. */
export function exportText({ project, events, nowMs }: ExportedTimeline): string {
  const content = {
    exportedAt: isoTime(nowMs),
    project,
    events: events.map(({ id, atMs, ...rest }) => ({
      id,
      at: isoTime(atMs),
      atMs,
      ...rest,
    })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** The export's file name: `timeline-orders-api-2025-11-24.json`, the day in the person's own time zone. */
export function exportFileName({ project, nowMs }: ExportedTimeline): string {
  const now = new Date(nowMs);
  const day = [now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0'));
  return `timeline-${idFromName(project)}-${now.getFullYear()}-${day.join('-')}.json`;
}

/** Hands a text to the person as a file: a download in a browser, the save dialog on the desktop. */
export function downloadText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // Not every browser has read it by now.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
