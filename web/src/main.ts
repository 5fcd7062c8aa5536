import './ui/app.css';
import './ui/shell.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { stands } from './ui/shell';

// In a task of its own: to read the program and to draw a screen are each long enough for a phone.
setTimeout(() => {
  try {
    mount(App, { target: document.getElementById('app')! });
  } catch (error) {
    stands();
    throw error;
  }
});
