import type { DashboardConfig } from './config';

/** Whether the dashboard that runs with this configuration answers, and its database too. */
export async function askHealth({ port }: DashboardConfig): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, {
      signal: AbortSignal.timeout(4_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
