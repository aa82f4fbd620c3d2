import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { z } from 'zod';
import type { Gate } from './gate.ts';
import type { OpenDialog, ScriptPages } from './script-pages.ts';

/** Where a recorded chain of calls stands on the real page, or the action that it ends in. */
export type Place =
  | { kind: 'start'; target: ScriptPages }
  | { kind: 'page'; target: Page }
  | { kind: 'locator'; target: Locator }
  | { kind: 'frame'; target: FrameLocator }
  | { kind: 'keyboard'; target: Page }
  | { kind: 'dialog'; target: OpenDialog }
  | Action;

/** What a chain ends in. `waits`: for something that the next calls of the script bring about, so they do not wait for it. */
export interface Action {
  kind: 'action';
  /** Whatever text of the script it sends goes through the gate. */
  run: (gate: Gate) => Promise<unknown>;
  waits: boolean;
}

/** One method that a script may call. `enter` checks the arguments (throws a ZodError) before it touches anything. */
export interface Method<Target> {
  /** `keyboard` is a property, the others are called; an action, a popup and a listener can be awaited, places go on. */
  gives: Exclude<Place['kind'], 'start'> | 'popup' | 'listener';
  /** How many of its arguments a message may show: what is typed in is never shown. */
  shows: number;
  /** In its own words instead: what comes before it is `path`. */
  words?: (path: string, shown: string[]) => string;
  enter(target: Target, args: unknown[], pages: ScriptPages): Place;
}

/** Every argument may be shown. */
export const all = 100;

/** The methods of one kind of place, by name. */
export type Methods<Target> = Record<string, Method<Target>>;

/** A method that goes on to a locator. */
export function locates<Args, Target>(
  args: z.ZodType<Args>,
  go: (target: Target, args: Args) => Locator,
): Method<Target> {
  const enter = (target: Target, raw: unknown[]): Place => ({
    kind: 'locator',
    target: go(target, args.parse(raw)),
  });
  return { gives: 'locator', shows: all, enter };
}

/** What is special about an action. */
export interface Acts<Target> {
  shows?: number;
  waits?: boolean;
  gives?: Method<Target>['gives'];
}

/** A method that a chain ends in. */
export function acts<Args extends unknown[], Target>(
  args: z.ZodType<Args>,
  act: (target: Target, args: Args, gate: Gate, pages: ScriptPages) => Promise<unknown>,
  { shows = all, waits = false, gives = 'action' }: Acts<Target> = {},
): Method<Target> {
  const enter = (target: Target, raw: unknown[], pages: ScriptPages): Place => {
    const parsed = args.parse(raw);
    return { kind: 'action', run: (gate) => act(target, parsed, gate, pages), waits };
  };
  return { gives, shows, enter };
}

/** A method that goes on into a frame. */
export function frames<Args, Target>(
  args: z.ZodType<Args>,
  go: (target: Target, args: Args) => FrameLocator,
): Method<Target> {
  const enter = (target: Target, raw: unknown[]): Place => ({
    kind: 'frame',
    target: go(target, args.parse(raw)),
  });
  return { gives: 'frame', shows: all, enter };
}
