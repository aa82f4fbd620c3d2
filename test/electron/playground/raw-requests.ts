import { request } from 'node:http';
import { connect } from 'node:net';
import type { Playground } from '../../../electron/playground/playground.ts';

/** A request whose Host header and path are sent as they are. */
export function send(
  playground: Playground,
  path: string,
  headers: Record<string, string> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port: playground.port, host: '127.0.0.1', path, headers }, (res) => {
      res.resume();
      resolve(res.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

/** Whatever the server says to these bytes before it closes the connection. */
export function sendRaw(playground: Playground, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(playground.port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });
}
