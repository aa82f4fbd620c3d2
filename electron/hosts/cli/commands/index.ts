import type { Command } from 'commander';
import { demoCommand } from './demo.ts';
import { playgroundCommand } from './playground.ts';
import { profileCommand } from './profile.ts';
import { sendCommand } from './send.ts';
import { timelineCommand } from './timeline.ts';
import { tokenCommand } from './token.ts';

/** The command line's commands, a file each. */
export const commands: ((version: string) => Command)[] = [
  sendCommand,
  tokenCommand,
  profileCommand,
  timelineCommand,
  demoCommand,
  playgroundCommand,
];
