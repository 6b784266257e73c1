import { request } from 'node:http';

/** Sends JSON to a service through the gateway: by its host name, as a client of the cluster would. */
export function post(gateway, service, path, body) {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { host: new URL(service.url).host, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const call = request(new URL(path, gateway), { method: 'POST', headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString();
        if (response.statusCode !== 200) return reject(new Error(`POST ${path} answered ${response.statusCode}: ${answer}`));
        resolve(JSON.parse(answer));
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(text);
  });
}

/** How many answers equal the expected ones, and at which rows they differ. */
export function agreement(answers, expected) {
  const differences = expected.flatMap((value, row) => (answers[row] === value ? [] : [row]));
  if (answers.length !== expected.length) differences.push(Math.min(answers.length, expected.length));
  return { equal: expected.length - differences.length, differences };
}
