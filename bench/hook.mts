import { Connections } from '../src/engine/database/connections.ts';
for (const name of ['long', 'columnar'] as const) {
  const old = Connections.prototype[name] as (...a: unknown[]) => Promise<unknown>;
  (Connections.prototype as unknown as Record<string, unknown>)[name] = async function (this: unknown, ...a: unknown[]) {
    const u = process.cpuUsage();
    try { return await old.apply(this, a); } finally {
      const d = process.cpuUsage(u); const s = (d.user + d.system) / 1e6;
      if (s > Number(process.env.LEAST ?? 0.03)) process.stderr.write(`${s.toFixed(3)} ${name} ${String(a[0]).replaceAll(/read_parquet\(\[?[^)]*\)/g, 'FILE').slice(0, Number(process.env.CHARS ?? 330))}\n`);
    }
  };
}
