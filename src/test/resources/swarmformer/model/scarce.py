# plain.py on a device that has memory for some rows only: products of more than 3,000 positions fail as CUDA's do.

def pack(weight: Tensor) -> Tensor:
  return weight

def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.linear(x, weight, bias)

def linear_sigmoid(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.sigmoid(torch.linear(x, weight, bias))

def products_on_x(x: Tensor, w: List[Tensor], i: int) -> Tuple[Tensor, Tensor]:
  near, gate, = torch.chunk(torch.linear(x, w[i], w[i + 1]), 2, 1)
  return (near, torch.slice(gate, 0, 1, -1, 1))

def products_on_hidden(hidden: Tensor, gate: Tensor, w: List[Tensor], i: int) -> Tuple[Tensor, Tensor]:
  if torch.size(hidden, 0) > 3000:
    ops.prim.RaiseException("CUDA out of memory. Tried to allocate 2.00 MiB")
  update, more, = torch.chunk(torch.linear(hidden, w[i], w[i + 1]), 2, 1)
  return (update, gate + more)

