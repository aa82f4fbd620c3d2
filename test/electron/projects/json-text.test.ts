import { describe, expect, it } from 'vitest';
import { jsonErrorOffset, jsonText, parseJson } from '../../../electron/projects/json-text.ts';
import { failureOf } from './temporary-project.ts';

const sample = '{\n  "a": [1, -2.5e3, "x\\n\\u00e9", {}],\n  "b": {"c": null, "d": [true, false, []]}\n}\n';

describe('jsonText', () => {
  it('sorts keys at every depth, keeps the order of lists, and ends with one newline', () => {
    expect(jsonText({ b: [{ z: 1, a: 2 }, 1], a: 'x' })).toBe(
      '{\n  "a": "x",\n  "b": [\n    {\n      "a": 2,\n      "z": 1\n    },\n    1\n  ]\n}\n',
    );
  });

  it('is stable: formatting what it wrote changes nothing', () => {
    const text = jsonText(JSON.parse(sample));
    expect(jsonText(JSON.parse(text))).toBe(text);
  });

  it('keeps a key named __proto__ a plain key', () => {
    expect(jsonText(JSON.parse('{"__proto__": {"polluted": true}}'))).toContain('"__proto__"');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('parseJson', () => {
  it.each([
    ['{"a": }', 1, 7],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['{\r\n  "a": 1,\r\n}', 3, 1],
    ['[1, 2', 1, 6],
    ['', 1, 1],
    ["{'a': 1}", 1, 2],
    ['{"a": "unfinished\n}', 1, 7],
    ['{"a": 1} x', 1, 10],
    ['[1}', 1, 3],
    ['{"a" 1}', 1, 6],
    ['{,}', 1, 2],
    ['[01]', 1, 3],
  ])('names line and column of the mistake in %j', async (text, line, column) => {
    const error = await failureOf((async () => parseJson(text, 'profiles/a.json'))());
    expect(error.code).toBe('project_file_unreadable');
    expect(error.details).toEqual({ file: 'profiles/a.json', line, column });
    expect(error.message).toContain(`profiles/a.json: not valid JSON at line ${line}, column ${column}`);
  });

  it('says when a merge conflict was left in the file', async () => {
    const text = '{\n<<<<<<< ours\n"a": 1\n=======\n"a": 2\n>>>>>>> theirs\n}';
    const error = await failureOf((async () => parseJson(text, 'a.json'))());
    expect(error.message).toContain('merge conflict');
    expect(error.details?.line).toBe(2);
  });

  it('does not overflow on a hundred thousand open brackets', async () => {
    const error = await failureOf((async () => parseJson('['.repeat(100_000), 'a.json'))());
    expect(error.details?.column).toBe(100_001);
  });
});

describe('jsonErrorOffset', () => {
  it('reads valid JSON to its end', () => {
    expect(jsonErrorOffset(sample)).toBe(sample.length);
  });

  it('finds a foreign character wherever it stands outside strings', () => {
    let inString = false;
    for (let at = 0; at < sample.length; at += 1) {
      if (sample[at] === '"') inString = !inString;
      const between = !/[\w.+-]/.test(sample[at - 1] ?? ' ') || !/[\w.+-]/.test(sample[at] ?? ' ');
      if (inString || sample[at] === '"' || !between) continue;
      expect(jsonErrorOffset(`${sample.slice(0, at)}@${sample.slice(at)}`)).toBe(at);
    }
  });
});
