import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { createEcho, echoWritings } from './echo.ts';
import { search, secrets, stem } from './markers.ts';
import { startRecorder } from './recorder.ts';

const engineMade = 'Zk3vQ9xW_7rT-yB1nM5sD8fG2hJ4kL6pA0cE9uI7oX1';

test('the search finds each secret in every writing, also in the middle of base64, and also a part of it', () => {
  const repeat = createEcho();
  for (const secret of Object.values(secrets)) {
    for (let turn = 0; turn < echoWritings; turn += 1) {
      expect(search([{ name: 'echo', text: `a ${repeat([secret])} b` }], []), secret).not.toEqual([]);
    }
    const inside = Buffer.from(`user:${secret}`).toString('base64');
    expect(search([{ name: 'Basic', text: inside }], [])).not.toEqual([]);
  }
  for (const part of [engineMade, engineMade.slice(0, 12), engineMade.slice(-12), `x${engineMade}`]) {
    expect(search([{ name: 'part', text: part }], [engineMade])).not.toEqual([]);
  }
  expect(search([{ name: 'other', text: 'nothing, [secret], 000000…••••' }], [engineMade])).toEqual([]);
});

test('the recorder sees what is printed, thrown, and written to files', async () => {
  const recorder = startRecorder();
  const folder = await temporaryFolder();
  console.error('1', { deep: { of: `${stem}-1` } });
  process.stderr.write(`${stem}-2\n`);
  const cause = Object.assign(new Error(`${stem}-3`), { token: `${stem}-4` });
  recorder.record('thrown', new AppError('internal', 'x', { cause, details: { of: `${stem}-5` } }));
  await writeFile(join(folder, 'bytes'), Buffer.from(`${stem}-6`, 'utf16le'));
  await writeFile(join(folder, `${stem}-7`), '');
  recorder.lookAt(folder);
  const all = recorder
    .places()
    .map(({ text }) => text.replaceAll('\0', ''))
    .join('\n');
  const numbers = [1, 2, 3, 4, 5, 6, 7].filter((number) => all.includes(`${stem}-${number}`));
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
