import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { AppError } from '../../shared/errors.ts';
import type { ScriptStep, StepEnd } from './automation/run-script.ts';
import { copyPage } from './page-copy.ts';
import type { PageRecord } from './page-record.ts';
import { pictureOf } from './picture.ts';
import type { ScriptVars } from './redact.ts';

/** An action as far as it came; `end` null: it was under way when everything ended. */
export interface TakenStep {
  step: ScriptStep;
  end: StepEnd | null;
}

/** Everything that is known of an unattended run that failed. */
export interface FailedRun {
  profileName: string;
  error: AppError;
  steps: readonly TakenStep[];
  /** The pages that are open, the first one first. */
  pages: readonly Page[];
  record: PageRecord;
  /** Takes everything secret out of a text. */
  redact: (text: string) => string;
  hidden: readonly ScriptVars[];
  atMs: number;
}

const keptBundles = 20;
const mostPages = 5;

function folderName({ atMs, profileName }: FailedRun): string {
  const time = new Date(atMs).toISOString().replace(/[:.]/g, '-');
  const name = profileName.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `${time}-${name.replace(/^-|-$/g, '').slice(0, 40)}`;
}

function reportOf({ profileName, error, steps, record, redact, atMs }: FailedRun): string {
  const report = {
    profile: profileName,
    at: new Date(atMs).toISOString(),
    error: { code: error.code, message: error.message, details: error.details ?? {} },
    steps: steps.map(({ step, end }) => ({
      ...step,
      words: redact(step.words),
      part: step.part === null ? null : redact(step.part),
      durationMs: end === null ? null : Math.round(end.durationMs),
      failure: end === null ? 'still under way' : end.reason === null ? null : redact(end.reason),
    })),
    console: record.console.map(redact),
    network: record.network.map((line) => ({ ...line, url: redact(line.url) })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

async function keepPage(
  folder: string,
  page: Page,
  number: number,
  { redact, hidden }: FailedRun,
): Promise<void> {
  const picture = await pictureOf(page, hidden);
  if (picture !== null) await writeFile(join(folder, `page-${number}.jpg`), picture, { mode: 0o600 });
  for (const [index, copy] of (await copyPage(page)).entries()) {
    const name = index === 0 ? `page-${number}.html` : `page-${number}-frame-${index}.html`;
    await writeFile(join(folder, name), redact(copy), { mode: 0o600 });
  }
}

/** Leaves the newest; their names begin with their time. */
async function trim(parent: string): Promise<void> {
  const names = (await readdir(parent)).sort();
  for (const name of names.slice(0, -keptBundles))
    await rm(join(parent, name), { recursive: true, force: true });
}

/**
 * Keeps what is known of a failed run in a folder of its own below `parent`, readable by its owner alone: `report.json`
 * (the steps, the console, the network without queries and bodies), and for each page a picture and its HTML without any
 * value. The newest 20 are kept. Gives the folder; null when it cannot be written.
 */
export async function writeFailureBundle(parent: string, run: FailedRun): Promise<string | null> {
  const folder = join(parent, folderName(run));
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, 'report.json'), reportOf(run), { mode: 0o600 });
    const pages = run.pages.slice(0, mostPages);
    await Promise.all(pages.map((page, index) => keepPage(folder, page, index + 1, run)));
    await trim(parent);
    return folder;
  } catch {
    // A full or read-only disk must not hide why the run failed.
    return null;
  }
}
