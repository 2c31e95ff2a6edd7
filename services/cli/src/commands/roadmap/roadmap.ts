import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerAccept } from './accept';
import { registerAdd } from './add';
import { registerBlock } from './block';
import { registerEdit } from './edit';
import { registerExport } from './export';
import { registerHistory } from './history';
import { registerImport } from './import';
import { registerList } from './list';
import { registerMove } from './move';
import { registerReopen } from './reopen';
import { registerView } from './view';

export function registerRoadmap(program: Command, context: Context): void {
  const roadmap = addNoun(program, 'roadmap', 'what is to be done, and what became of it', {
    examples: ['roadmap', 'roadmap view 2.5', 'roadmap accept 2.5'],
  });
  registerList(roadmap, context);
  registerView(roadmap, context);
  registerAdd(roadmap, context);
  registerEdit(roadmap, context);
  registerMove(roadmap, context);
  registerAccept(roadmap, context);
  registerReopen(roadmap, context);
  registerBlock(roadmap, context);
  registerHistory(roadmap, context);
  registerImport(roadmap, context);
  registerExport(roadmap, context);
}
