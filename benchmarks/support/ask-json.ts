/** One POST on a connection of its own; the answer parsed. */
export async function askJson(port: number, path: string, body: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers: { connection: 'close' } });
  return response.json();
}
