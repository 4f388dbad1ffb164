// What the worker uses of ankerl::unordered_dense, made of the standard containers. Those keep references and iterators
// valid for longer than the original, so nothing that worked with it can break here.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
// libstdc++ hashes numbers to themselves. SSRCs and ports are chosen by the other side of the network, so their bits are
// mixed, lest somebody pick numbers that all meet in one bucket.
template<typename T>
struct hash
{
	std::size_t operator()(const T& value) const noexcept(noexcept(std::hash<T>{}(value)))
	{
		if constexpr (std::is_integral_v<T> || std::is_enum_v<T> || std::is_pointer_v<T>)
		{
			std::uint64_t x = static_cast<std::uint64_t>(std::hash<T>{}(value)) + 0x9e3779b97f4a7c15ULL;
			x               = (x ^ (x >> 32)) * 0xd6e8feb86659fd93ULL;
			x               = (x ^ (x >> 32)) * 0xd6e8feb86659fd93ULL;
			return static_cast<std::size_t>(x ^ (x >> 32));
		}
		else
		{
			return std::hash<T>{}(value);
		}
	}
};

template<typename Key, typename T, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
using map = std::unordered_map<Key, T, Hash, Equal>;

template<typename Key, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense
