import { describe, expect, it } from 'vitest';
import { exportFileName, exportText } from '../../../../renderer/features/history/export-events.ts';
import { tokenEvent } from '../../fake-engine.ts';

const nowMs = new Date(2025, 0, 5, 23, 59).getTime();

describe('export of the timeline', () => {
  it('holds exactly the events given, in their order, with each time also in ISO 8601', () => {
    const events = [
      tokenEvent('b', 1_700_000_000_123, {
        answer: { status: 400, fields: [{ name: 'error', value: 'invalid_grant' }] },
        waited: ['List </script> 🔑'],
        waitedCount: 7,
      }),
      tokenEvent('a', 0),
    ];
    const text = exportText({ project: 'Orders', events, nowMs });
    expect(JSON.parse(text)).toEqual({
      exportedAt: new Date(nowMs).toISOString(),
      project: 'Orders',
      events: [
        { ...events[0], at: '2023-11-14T22:13:20.123Z' },
        { ...events[1], at: '1970-01-01T00:00:00.000Z' },
      ],
    });
    expect(text).toContain('\n  "events": [\n    {\n      "id": "b",\n');
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('names the file for the project and the day, whatever the project is called', () => {
    const name = (project: string) => exportFileName({ project, events: [], nowMs });
    expect(name('Orders API (staging)')).toBe('timeline-orders-api-staging-2025-01-05.json');
    expect(name('../../etc/passwd')).toBe('timeline-etc-passwd-2025-01-05.json');
    expect(name('مشروع 🔑')).toBe('timeline-unnamed-2025-01-05.json');
    expect(name('x'.repeat(120))).toBe(`timeline-${'x'.repeat(64)}-2025-01-05.json`);
  });
});
