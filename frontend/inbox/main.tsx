import "../styles/inbox.css";
