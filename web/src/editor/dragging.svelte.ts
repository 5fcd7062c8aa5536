/** What is being dragged: an instruction to another place, or a workout onto a day. */
export type Dragged = { kind: 'instruction' | 'workout'; id: string };

class Dragging {
  now = $state.raw<Dragged | null>(null);

  /** Attributes of what may be dragged. */
  handle(of: Dragged): { draggable: boolean; ondragstart: (event: DragEvent) => void; ondragend: () => void } {
    return {
      draggable: true,
      ondragstart: (event) => {
        event.stopPropagation();
        // Firefox drags nothing without data.
        event.dataTransfer?.setData('text/plain', of.id);
        this.now = of;
      },
      ondragend: () => (this.now = null),
    };
  }

  /** Attributes of where things of a kind may be let go. */
  target(kind: Dragged['kind'], drop: (id: string) => void): { ondragover: (event: DragEvent) => void; ondrop: (event: DragEvent) => void } {
    return {
      ondragover: (event) => this.now?.kind === kind && event.preventDefault(),
      ondrop: (event) => {
        if (this.now?.kind !== kind) return;
        event.preventDefault();
        event.stopPropagation();
        const { id } = this.now;
        this.now = null;
        drop(id);
      },
    };
  }
}

export const dragging = new Dragging();
