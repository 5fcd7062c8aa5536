/** Takes away what was drawn before the app was here (index.html): the first screen stands. */
export const stands = (): void => document.getElementById('shell')?.remove();
