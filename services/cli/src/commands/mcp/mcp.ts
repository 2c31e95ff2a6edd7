import type { Command } from 'commander';
import { addNoun, addVerb, projectOption, type ProjectOptions } from '../../command';
import type { Context } from '../../context';
import { registerInstall } from './install';
import { registerList } from './list';
import { registerRemove } from './remove';

export function registerMcp(program: Command, context: Context): void {
  const mcp = addNoun(program, 'mcp', 'tools for coding agents: roadmap, questions, spending', {
    examples: ['mcp install', 'mcp remove'],
  });
  registerInstall(mcp, context);
  registerRemove(mcp, context);
  registerList(mcp, context);
  addVerb(mcp, 'serve', 'speak MCP on standard input and output; agents start it', {
    examples: ['mcp serve --project shop'],
    isDefault: true,
  })
    .addOption(projectOption())
    .action(async (options: ProjectOptions) => {
      if (context.streams.stdin.isTTY) {
        context
          .output(options)
          .say('This speaks MCP with a program. For Claude Code: coffee-roadmap mcp install');
      }
      // Loaded only here: every other command would start later for it.
      const { serveTools } = await import('./serve');
      await serveTools(context, options.project);
    });
}
