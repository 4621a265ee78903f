// Reads a receipt in receiptline's markdown from standard input, writes it as ESC/POS: node write.js ENCODING COLUMNS
const { transform } = require("receiptline");
const [encoding, columns] = process.argv.slice(2);
let receipt = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (piece) => (receipt += piece));
process.stdin.on("end", () => {
  const printer = { cpl: Number(columns), encoding, command: "escpos", cutting: true };
  process.stdout.write(transform(receipt, printer), "latin1");
});
