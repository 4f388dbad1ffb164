/* Frames of RFC 6455, section 5.2, as far as servers here send them: not masked and not fragmented. */
#include "swarm.h"

#include <string.h>

long frame_parse(const uint8_t *data, size_t bytes, frame *out) {
  if (bytes < 2) return 0;
  bool is_final = data[0] & 0x80;
  bool is_masked = data[1] & 0x80;
  /* Reserved bits would mean compression, which was not agreed on. */
  if (!is_final || is_masked || (data[0] & 0x70)) return -1;
  size_t head = 2;
  uint64_t length = data[1] & 0x7f;
  if (length == 126) {
    if (bytes < 4) return 0;
    length = (uint64_t)data[2] << 8 | data[3];
    head = 4;
  } else if (length == 127) {
    if (bytes < 10) return 0;
    length = 0;
    for (int i = 2; i < 10; i++) length = length << 8 | data[i];
    head = 10;
  }
  if (bytes - head < length) return 0;
  out->opcode = data[0] & 0x0f;
  out->payload = data + head;
  out->payload_bytes = length;
  return (long)(head + length);
}

size_t frame_write(int opcode, const void *payload, size_t bytes, uint8_t *into) {
  size_t head = 2;
  into[0] = (uint8_t)(0x80 | opcode);
  if (bytes < 126) {
    into[1] = (uint8_t)(0x80 | bytes);
  } else {
    into[1] = 0x80 | 126;
    into[2] = (uint8_t)(bytes >> 8);
    into[3] = (uint8_t)bytes;
    head = 4;
  }
  memset(into + head, 0, 4);
  memcpy(into + head + 4, payload, bytes);
  return head + 4 + bytes;
}
