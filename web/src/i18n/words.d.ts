// Made of en.json by the build (split.ts).
declare module 'virtual:words/first' {
  const words: Record<string, string>;
  export default words;
}
