import { editorText, readEditorText } from './editor';

describe('the text for the editor', () => {
  it.each([
    { title: 'A title', body: '' },
    { title: 'A title', body: 'One.\n\n# Two\n\n    indented' },
    { title: '# Looks like a heading', body: '<!-- a comment of their own -->' },
  ])('gives back %j', (item) => {
    expect(readEditorText(editorText(item))).toEqual(item);
  });

  it('takes what editors do to ends of lines and of files', () => {
    expect(readEditorText('\uFEFF\r\n  Title  \r\n\r\n\r\nBody\r\n\r\n')).toEqual({
      title: 'Title',
      body: 'Body',
    });
  });

  it('is nothing when all is deleted', () => {
    expect(readEditorText('')).toBeUndefined();
    expect(readEditorText(editorText({ title: '', body: '' }))).toBeUndefined();
  });
});
