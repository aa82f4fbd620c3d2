import { expect, it } from 'vitest';
import { isLoopbackHost } from '../../shared/loopback-host.ts';

it.each(['localhost', 'id.localhost', '127.0.0.1', '127.1.2.3', '::1'])(
  'takes %s for this machine',
  (host) => {
    expect(isLoopbackHost(host)).toBe(true);
    expect(isLoopbackHost(`${host}.example.com`)).toBe(false);
  },
);

it.each(['', 'mylocalhost', '127.example', '128.0.0.1', '10.127.0.1', '::2', '::127.0.0.1'])(
  'takes %s for another one',
  (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  },
);
