/** What is wrong, in words, where it is wrong. */
interface Props {
  text: string | undefined;
  id?: string;
  /** Say it at once: nothing else draws attention to it. */
  alert?: boolean;
}

export const Fault = ({ text, id, alert }: Props) =>
  text ? (
    <p class="fault" id={id} role={alert ? "alert" : undefined}>
      {text}
    </p>
  ) : null;
